-- Where history stands.
return answer()
